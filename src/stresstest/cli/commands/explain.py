"""`stresstest explain`: a scenario line by line, a policy, job, network, market, instrument type or code."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import click

from stresstest.cli.options import json_option, market_option, set_option, severity_value

if TYPE_CHECKING:
    from stresstest.cli.files.explanations import ExplainedScenario

_KINDS = ("scenario", "network", "market", "instrument", "policy", "job", "code")


@click.command("explain")
@click.argument("name", metavar="[KIND:]NAME")
@click.option(
    "--portfolio", "portfolios", multiple=True, metavar="P", help="Show only what this portfolio holds."
)
@market_option
@click.option(
    "--severity", callback=severity_value, default="100%", metavar="PERCENT", help="Scale every shock."
)
@set_option
@json_option
def command(name: str, as_json: bool, **options: Any) -> None:
    """Show what NAME is: a scenario, network, market, hedge policy, batch job, instrument type, or code.

    A scenario is shown line by line, before anything is priced: the factors that each line hits, from which
    level to which, and the positions that depend on them. A policy is shown rule by rule with its reasons,
    and with the instruments that it may buy; a network with what its edges rest on and the mechanisms that
    can run on it; a market with what its numbers rest on; a batch job with the portfolios and scenarios that
    it finds; an instrument type with its model card. KIND is scenario, network, market, policy, job,
    instrument or code, needed only where a name means several things.
    """
    kind, _, rest = name.partition(":")
    if kind in _KINDS and rest:
        name = rest
    else:
        kind = ""
    if kind == "code" or (not kind and re.fullmatch(r"ST\d{3}", name)):
        _explain_code(name, as_json)
    elif kind == "instrument" or (not kind and _is_instrument(name)):
        _explain_instrument(name, as_json)
    elif kind == "policy" or (not kind and _is_policy(name)):
        _explain_policy(name, options["markets"], as_json)
    elif kind == "job" or (not kind and _is_job(name)):
        _explain_job(name, as_json)
    elif kind == "network" or (not kind and _is_network(name)):
        _explain_network(name, options["markets"], as_json)
    elif kind == "market" or (not kind and _is_market(name)):
        _explain_market(name, as_json)
    else:
        from stresstest.cli.files.explanations import ExplainOptions, explained_scenarios

        _show_scenarios(explained_scenarios(name, ExplainOptions(**options)), as_json)


def _explain_code(code: str, as_json: bool) -> None:
    from stresstest.error_codes import ERROR_CODES
    from stresstest.errors import InputError, Problem, nearest

    if code not in ERROR_CODES:
        suggestion = nearest(code, ERROR_CODES)
        raise InputError(
            [Problem("ST401", f"error code {code!r}", "a code like ST150", suggestion=suggestion)]
        )
    document = {"schema": "stresstest/explanation/1", "code": code, "meaning": ERROR_CODES[code]}
    click.echo(json.dumps(document) if as_json else f"{code}: {ERROR_CODES[code]}")


def _is_instrument(name: str) -> bool:
    from stresstest.catalog import instrument_types

    return name in instrument_types()


def _explain_instrument(name: str, as_json: bool) -> None:
    from stresstest.catalog import instrument_type

    type_ = instrument_type(name)
    if as_json:
        from stresstest.io.model_cards import model_card
        from stresstest.io.schemas import json_schema

        schema = json_schema(type_.spec, type_.tag)
        card = {heading.lower(): body for heading, body in model_card(type_.spec).items()}
        document = {"schema": "stresstest/explanation/1", "type": type_.tag, "summary": type_.summary}
        click.echo(json.dumps({**document, "fields": schema, "card": card}))
        return
    from stresstest.cli.files.explanation_text import print_instrument
    from stresstest.cli.terminal import open_console

    print_instrument(open_console(), type_)


def _is_policy(name: str) -> bool:
    from stresstest.cli.files.policies import is_policy

    return is_policy(name)


def _explain_policy(name: str, markets: tuple[str, ...], as_json: bool) -> None:
    from stresstest.cli.files.policies import explained_policy, policy_document, print_policy
    from stresstest.io.resources import default_market
    from stresstest.market.loading import load_market

    found = explained_policy(name, load_market(markets or default_market()))
    if as_json:
        click.echo(json.dumps(policy_document(found), allow_nan=False))
        return
    from stresstest.cli.terminal import open_console

    print_policy(open_console(), found)


def _is_job(name: str) -> bool:
    from stresstest.cli.files.kinds import is_document_of

    return is_document_of(name, "jobs", "portfolios")


def _explain_job(name: str, as_json: bool) -> None:
    from stresstest.cli.files.jobs import job_document, job_inputs, print_job

    found = job_inputs(name)
    if as_json:
        click.echo(json.dumps(job_document(found), allow_nan=False))
        return
    from stresstest.cli.terminal import open_console

    print_job(open_console(), found)


def _is_network(name: str) -> bool:
    from stresstest.cli.network.words import is_network

    return is_network(name)


def _explain_network(name: str, markets: tuple[str, ...], as_json: bool) -> None:
    from stresstest.cli.network.words import explained_network, network_document, print_network
    from stresstest.io.resources import default_market
    from stresstest.market.loading import load_market

    found = explained_network(name, load_market(markets or default_market()))
    if as_json:
        click.echo(json.dumps(network_document(found), allow_nan=False))
        return
    from stresstest.cli.terminal import open_console

    print_network(open_console(), found)


def _is_market(name: str) -> bool:
    from stresstest.cli.market.words import is_market

    return is_market(name)


def _explain_market(name: str, as_json: bool) -> None:
    from stresstest.cli.market.words import explained_market, market_document, print_market

    found = explained_market(name)
    if as_json:
        click.echo(json.dumps(market_document(found), allow_nan=False))
        return
    from stresstest.cli.terminal import open_console

    print_market(open_console(), found)


def _show_scenarios(found: list[ExplainedScenario], as_json: bool) -> None:
    if as_json:
        from stresstest.cli.files.explanations import scenario_document

        documents = [scenario_document(item) for item in found]
        click.echo(json.dumps(documents[0] if len(documents) == 1 else documents, allow_nan=False))
        return
    from stresstest.cli.files.explanation_text import print_scenario
    from stresstest.cli.terminal import open_console

    console = open_console()
    for item in found:
        print_scenario(console, item)
