"""The installation on the command line: checked, and its kernels compiled ahead."""
