"""A user's own instruments and rules, from files and installed packages; a documented import."""

from clustersim.policy.plugins import Plugin, check, load_plugin, register, use_files

__all__ = ["Plugin", "check", "load_plugin", "register", "use_files"]
