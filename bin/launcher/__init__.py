"""Sets up and runs the whole of Halfway on one machine, for bin/up, bin/test and bin/bench.

Only the standard library of Python 3.11 is used here, because it runs before anything is installed.
Two files run later, in the environment that was installed: sink.py and prepare.py.
"""
