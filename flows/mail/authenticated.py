"""Whether the mailbox' own server confirms the sender: its *Authentication-Results* (RFC 8601)."""

from __future__ import annotations

from collections.abc import Sequence

from authres import AuthenticationResultsHeader, AuthResError

from flows.rules.typed_text import tidy


def is_proven(headers: Sequence[str], authserv_id: str, sender: str) -> bool:
    """By the topmost header that carries the server's name; ``headers`` stand as in the message.

    A stranger's header of that name can only stand below the server's own. It says that DMARC
    passes for the sender's domain or, where that domain has no DMARC, that DKIM or SPF passes for a
    domain that it belongs to.
    """
    domain = sender.rpartition("@")[2].casefold()
    for value in headers:
        try:
            found = AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
        except (AuthResError, ValueError, IndexError):
            if _is_named(value.partition(";")[0], authserv_id):
                return False
            continue
        if _is_named(str(found.authserv_id), authserv_id):
            return _passes(found, domain)
    return False


def _is_named(text: str, authserv_id: str) -> bool:
    words = tidy(text).split()
    return bool(words) and words[0].casefold() == authserv_id.casefold()


def _passes(found: AuthenticationResultsHeader, domain: str) -> bool:
    told: dict[str, list[tuple[bool, str]]] = {"dmarc": [], "dkim": [], "spf": []}
    names = {"dmarc": ("header", "from"), "dkim": ("header", "d"), "spf": ("smtp", "mailfrom")}
    for result in found.results:
        method = str(getattr(result, "method", "")).lower()  # «none» is of no method
        verdict = str(result.result or "").lower()
        if method in told and (method, verdict) != ("dmarc", "none"):  # its domain has no policy
            about = next(
                (str(p.value) for p in result.properties if (p.type, p.name) == names[method]), ""
            )
            told[method].append((verdict == "pass", about.rpartition("@")[2].casefold()))
    if told["dmarc"]:
        return all(passes and about == domain for passes, about in told["dmarc"])
    others = (*told["dkim"], *told["spf"])
    return any(passes and _covers(about, domain) for passes, about in others)


def _covers(about: str, domain: str) -> bool:
    return "." in about and (domain == about or domain.endswith(f".{about}"))
