"""The public functions, which `oxyshell` has under one name each. Nothing heavy is imported."""
