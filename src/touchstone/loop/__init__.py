"""The loop, one verb a file: collect, freeze, measure, assess, act, remeasure."""
