from stresstest.hedging.policies.measure_keys import MEASURES
from stresstest.hedging.rules.registry import COUNTED, builders


def test_every_measure_of_the_closed_list_is_built_or_counted() -> None:
    assert set(builders()) | set(COUNTED) == set(MEASURES)
    assert not set(builders()) & set(COUNTED)
