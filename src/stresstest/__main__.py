"""`python -m stresstest` is the command line."""

from stresstest.cli.app import main

if __name__ == "__main__":
    main()
