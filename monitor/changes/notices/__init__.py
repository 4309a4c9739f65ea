"""What an announcement says of each rule that it names: kind, days, duties, corrections."""
