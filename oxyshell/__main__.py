"""`python -m oxyshell` is the program `oxyshell`."""

from oxyshell.cli import main

if __name__ == "__main__":
    main()
