"""The actions: what each takes, does and returns."""
