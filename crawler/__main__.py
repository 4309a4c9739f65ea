"""python -m crawler: one job in a process of its own. The job comes by standard input (crawler.run.run_child)."""

from crawler.run import child_main

if __name__ == "__main__":
    child_main()
