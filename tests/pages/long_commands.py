"""Commands of pages that the default suite has no time for: run by `-m long`.

The default tests run the files of the short ones among them in `test_numbers.py`.
"""

LONG = frozenset(
    {
        "oxyshell run scenarios/lrmo-first-cycle.yaml",
        "oxyshell run scenarios/nmc-core-shell.yaml",
        "oxyshell run scenarios/lco-coated.yaml",
        "oxyshell run scenarios/lrmo-charge-with-oxygen.yaml",
        # tests/studies/comparison/test_published.py runs it by default.
        "oxyshell compare scenarios/lrmo-oxygen-retention.yaml",
        "oxyshell compare scenarios/lrmo-rate.yaml",
        "oxyshell compare scenarios/lrmo-first-cycles.yaml",
        "oxyshell compare scenarios/nlmro-plates.yaml",
        "oxyshell compare scenarios/lrmo-cycling.yaml",
        "oxyshell compare scenarios/na3ruo4-cycling.yaml",
        "oxyshell compare scenarios/lrmo-crack-risk.yaml",
        "oxyshell compare scenarios/lrmo-critical-radius.yaml",
        "oxyshell compare scenarios/lrmo-ru-series.yaml",
        "oxyshell compare scenarios/lrmo-faster-layer.yaml",
        "oxyshell compare scenarios/lrmo-oxygen-factorial.yaml",
        "oxyshell optimise scenarios/design-shell.yaml --workers 2",
        "oxyshell optimise scenarios/design-shell-material.yaml --workers 2",
        "oxyshell run scenarios/lrmo-300-cycles.yaml",
        "oxyshell run scenarios/nlmro-plate.yaml",
        "oxyshell run scenarios/nlmo-plate.yaml",
        "oxyshell sensitivity scenarios/sensitivity-ru1.yaml --workers 2",
        "oxyshell sweep scenarios/sweep-nmc-core-shell.yaml",
        "oxyshell sweep scenarios/sweep-shell.yaml --workers 2",
    }
)
