"""Systems under test: a module is a scheme (``file:PATH``), its file name the scheme's name.

Conventions: ``connect(target, options)`` gives a `allegedly.eval.system.System`, or one that holds its answers; one with
a parameter ``labellers`` is handed the function from the name of a labeller to the labeller. What else there is to know
of a scheme stands in constants of its module, which `allegedly.eval.schemes` reads: TARGET, TASKS, NEEDS_TASK, READS,
OPTIONS, EXTRA, CACHED, FIXED.
"""
