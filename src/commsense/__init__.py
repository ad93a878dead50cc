"""commsense reads client communications and tells how each relationship fares.

>>> import commsense as cs
>>> tags = cs.tag(["Thank you for staying late to fix our launch."])
"""

from importlib.metadata import version as _version

import lazy_loader as _lazy

# What is public is told in `__init__.pyi`. It is loaded when it is asked for: a program that tags
# need not wait for what reads mail, and one that prints its version for nothing.
__getattr__, __dir__, _names = _lazy.attach_stub(__name__, __file__)

__version__ = _version("commsense")
__all__ = [*_names, "__version__"]
