"""Query workers: SPARQL is evaluated in processes that can be killed, never in the web process.

``zygote`` and ``worker`` run in those processes and import little; the rest runs in the web process.
"""
