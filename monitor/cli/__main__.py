"""python -m monitor.cli: the same as the command rulewatch."""

from monitor.cli import main

main()
