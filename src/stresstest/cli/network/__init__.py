"""Networks on the command line: shown, validated and explained."""
