"""Stand-ins for the vendors, written from the vendors' own documents."""

from .experia import ExperiaServer
from .kore import KoreServer
from .rocketchat import RocketChatServer
from .samespace import SamespaceServer

ALL = (ExperiaServer, SamespaceServer, RocketChatServer, KoreServer)

__all__ = ["ALL", "ExperiaServer", "KoreServer", "RocketChatServer",
           "SamespaceServer"]
