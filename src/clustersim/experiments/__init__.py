"""Experiments: what is to be run (`design`, `plan`), where it is kept (`chunks`, `store`), who runs it (`runner`)."""
