"""A user's own instruments, rules and indicators: classes from Python files and installed packages.

A plugin runs with all rights of its user. It comes from a file that the user names, or from a package that the user installed;
never from a scenario, never from the folder of a result.
"""

from __future__ import annotations

from clustersim.policy.indicator import Indicator, Look
from clustersim.policy.plugins.contract import check
from clustersim.policy.plugins.files import load_plugin, use_files
from clustersim.policy.plugins.registering import register
from clustersim.policy.plugins.registry import Plugin

__all__ = ["Indicator", "Look", "Plugin", "check", "load_plugin", "register", "use_files"]
