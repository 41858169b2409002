"""A user's own instruments, rules and indicators, from files and installed packages; a documented import."""

from clustersim.policy.plugins import Indicator, Look, Plugin, check, load_plugin, register, use_files

__all__ = ["Indicator", "Look", "Plugin", "check", "load_plugin", "register", "use_files"]
