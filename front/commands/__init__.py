"""Commands: a module is one, with ``HELP`` (a line), ``EXAMPLES``, ``arguments(parser)`` and ``run(args) -> int``.

Conventions: results go to standard output, everything else to standard error. A module imports nothing heavy at its
top: ``allegedly --help`` imports them all. The flags of every command (`cli`), ``-o`` beside ``--out`` and what becomes of a
flag that is given twice (`parsing`) come without its doing; `console` has ``say``, ``alert`` and ``coloured``.
"""
