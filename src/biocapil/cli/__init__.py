"""The command line: ``biocapil <noun> <verb>``, one noun a file, each imported only when it is named.

JSON goes to standard output, people's text to standard error. A command parses its arguments, makes one
library call and prints; errors become one line and an exit code in :mod:`biocapil.cli.main`.
"""
