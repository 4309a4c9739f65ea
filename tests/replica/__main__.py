"""python -m tests.replica --day 1: the sites on loopback until Ctrl-C; a number typed in plays that day."""

import argparse
import sys

from tests.replica.folding import day_numbers
from tests.replica.server import Replica


def main() -> int:
    """Serve the sites; each line typed may name another day."""
    options = _options()
    with Replica(day=options.day, ports=(options.cqc_port, options.ccap_port, options.cnca_port)) as replica:
        print(f"day {replica.day} ({replica.world.on})\ncqc   {replica.cqc_url}\nccap  {replica.ccap_url}")
        print(f"cnca  {replica.cnca_url}\ntype the number of a day to play it, Ctrl-C to end", flush=True)
        try:
            _follow(replica)
        except KeyboardInterrupt:
            print()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.replica", description=__doc__)
    parser.add_argument("--day", type=int, default=1, choices=day_numbers())
    for site in ("cqc", "ccap", "cnca"):
        parser.add_argument(f"--{site}-port", type=int, default=0, help="0: any free port")
    return parser.parse_args()


def _follow(replica: Replica) -> None:
    """Play the days that are typed; without a keyboard, serve until the process ends."""
    for line in sys.stdin:
        if line.strip().isdecimal() and int(line) in day_numbers():
            replica.set_day(int(line))
            print(f"day {replica.day} ({replica.world.on}): {replica.world.says}", flush=True)
    replica.closing.wait()


if __name__ == "__main__":
    sys.exit(main())
