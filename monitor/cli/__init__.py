"""The command line: rulewatch."""
