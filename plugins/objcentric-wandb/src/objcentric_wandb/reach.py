"""Whether wandb is used online or offline, and whether its server answers (`chosen_mode`)."""

import netrc
import os
import ssl
import sys
import threading
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from objcentric.errors import ObjcentricError
from objcentric.extras import needing

PUBLIC_HOST = "api.wandb.ai"
"""Credentials for wandb's default server may be stored under this name, whatever it is now."""

UNREACHABLE = "OBJCENTRIC_WANDB_UNREACHABLE"
"""Set for the runs of a comparison that has found wandb's server unreachable."""

PATIENCE = 3.0
"""Seconds within which a server has to say anything at all."""


def quieted() -> Any:
    """The wandb module; its own error reports are off, for without a network they delay the exit.

    wandb sends them to another server than the run, and waits up to 20 s for it at the end of the
    process.
    """
    os.environ.setdefault("WANDB_ERROR_REPORTING", "false")
    with needing("wandb", "wandb", "reports to Weights & Biases (tracking.wandb)"):
        import wandb

    return wandb


def say(line: str) -> None:
    """Tells the user something; standard error goes well with a progress bar."""
    print(line, file=sys.stderr, flush=True)


def chosen_mode(option: str, settings: Any) -> Any:
    """wandb's mode for `tracking.wandb`.

    `auto` follows `WANDB_MODE`. If that is not set, it is online if there are credentials.

    Args:
        option: `auto`, `online` or `offline`.
        settings: wandb's, from its environment variables and its files.

    Raises:
        ObjcentricError: online was asked for without credentials, and wandb would prompt for them.
    """
    if option == "auto":
        return os.environ.get("WANDB_MODE") or (
            "online" if has_credentials(settings) else "offline"
        )
    if option == "online" and not has_credentials(settings):
        raise ObjcentricError(
            "tracking.wandb is online, but there are no credentials: run `wandb login`, set "
            "WANDB_API_KEY, or use tracking.wandb=auto"
        )
    return option


def has_credentials(settings: Any) -> bool:
    """Whether wandb would find credentials without a prompt."""
    if settings.api_key or settings.identity_token_file:
        return True
    hosts = [urlsplit(settings.base_url).netloc]
    if settings.base_url == type(settings).model_fields["base_url"].default:
        hosts.append(PUBLIC_HOST)
    try:
        known = netrc.netrc(Path(os.environ.get("NETRC", "~/.netrc")).expanduser())
    except (OSError, netrc.NetrcParseError):
        return False
    return any(known.authenticators(host) for host in hosts)


def answers(url: str, seconds: float = PATIENCE) -> bool:
    """Whether a server says anything at all, an error included, within some seconds.

    A thread asks, because looking up a name cannot be limited in time.
    """
    said = threading.Event()

    def ask() -> None:
        try:
            urlopen(Request(url, method="HEAD"), timeout=seconds).close()
        except HTTPError:
            said.set()
        except URLError as error:
            if isinstance(error.reason, ssl.SSLError):  # wandb may trust other certificates
                said.set()
        except (OSError, HTTPException, ValueError):
            pass
        else:
            said.set()

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    return said.is_set()
