"""Settings: `cargofijo.toml` in the working directory, over it the environment, of which
`cargofijo.env` beside it is part.

The only reader of files and environment for settings. Passwords come from the environment or the
operating system's keyring, never from the file.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import sys
import tomllib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, get_origin
from urllib.parse import parse_qs, urlsplit

import keyring
import keyring.errors
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from flows.mail.tls import tls_context
from flows.rules.policy import Days, Limit, Policy
from flows.rules.typed_text import decoded
from pages.core.origin import Origin
from robots.env_file import ENV_FILE, take_env_file
from robots.failures import NotReady, Unusable

FILE = Path("cargofijo.toml")
PREFIX = "CARGOFIJO_"
PACKET_KEY = f"{PREFIX}PACKET__KEY"
KEYRING_SERVICE = "cargofijo"
PORTALS = ("sisact", "siac", "nintex", "remedy")
MAIL = ("smtp", "imap", "inbox")
#: the keyring's name for the key that packets are signed with
PACKET = "packet"


class SettingsError(Unusable):
    """A setting is missing, unknown or wrong."""


class PasswordMissing(NotReady):
    """A password is neither in the environment nor in the keyring."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _given(path: Any) -> Any:
    return path or None


def _authority(path: Path | None) -> Path | None:
    try:
        if path is not None:
            tls_context(path)
    except (OSError, ValueError):  # not there, not to be read, or no certificate in it
        raise PydanticCustomError("no_authority", "no authority") from None
    return path


def _only_here(path: Path | None) -> Path | None:
    """Elsewhere than on Linux a browser takes authorities from the system's store alone."""
    if path is not None and sys.platform != "linux":
        raise PydanticCustomError("system_store", "not on this system")
    return path


class BrowserSettings(Part):
    channel: str = ""
    executable: str = ""
    headless: bool = True
    #: cases, or megabytes, after which the browser begins anew
    renew_cases: int = Field(default=250, ge=1)
    renew_mb: int = Field(default=2000, ge=100)
    relay: bool = True
    #: PEM file of the company's own authorities, trusted besides the browser's
    ca: Annotated[
        Path | None,
        BeforeValidator(_given),
        AfterValidator(_only_here),
        AfterValidator(_authority),
    ] = None


def _address(value: str) -> str:
    """Where a browser goes, by http or https; who goes there is told apart from it."""
    value = value.strip()
    if value and (Origin.of(value) is None or "@" in urlsplit(value).netloc):
        raise PydanticCustomError("address", "not an address")
    return value


def _secret(secret: SecretStr | None) -> SecretStr | None:
    """A variable that is there and empty gives none: the keyring may."""
    return secret if secret is not None and secret.get_secret_value().strip() else None


Address = Annotated[str, AfterValidator(_address)]
Name = Annotated[str, AfterValidator(str.strip)]
Port = Annotated[int, Field(ge=1, le=65_535)]
Secret = Annotated[SecretStr | None, AfterValidator(_secret)]


class PortalSettings(Part):
    url: Address = ""
    username: Name = ""
    password: Secret = None


class NintexSettings(PortalSettings):
    #: the libraries' own addresses, where they are not the guide's paths on ``url``
    activaciones_url: Address = ""
    operador_url: Address = ""


class PortalsSettings(Part):
    sisact: PortalSettings = PortalSettings()
    siac: PortalSettings = PortalSettings()
    nintex: NintexSettings = NintexSettings()
    remedy: PortalSettings = PortalSettings()


class MailServer(Part):
    host: Name = ""
    port: Port
    username: Name = ""
    password: Secret = None
    security: Literal["none", "starttls", "tls"]
    #: PEM file of the company's own authority, trusted besides the machine's
    ca: Annotated[Path | None, BeforeValidator(_given), AfterValidator(_authority)] = None


class SmtpSettings(MailServer):
    port: Port = 25
    security: Literal["none", "starttls", "tls"] = "none"
    sender: Name = ""
    #: where what cannot be delivered comes back to; empty, to the sender
    bounces: str = ""
    #: how this machine presents itself to the server; empty, by its own name
    local_hostname: str = ""
    #: where evidence is to be sent; the guide's spelling, to be confirmed by the owner
    mailbox: str = "atencioncorpoartiva@claro.com.pe"
    operator: str = ""
    #: a folder with edited copies of the e-mails' templates
    templates: Path | None = None


class ImapSettings(MailServer):
    """Mailbox of the sender, where reconciliation looks for what was sent."""

    port: Port = 993
    security: Literal["none", "starttls", "tls"] = "tls"
    #: the folder of sent messages, where the server does not mark it
    folder: str = ""


class InboxSettings(ImapSettings):
    """Mailbox to which evidence is sent, and where what cannot be delivered comes back."""

    folder: str = "INBOX"
    #: where a message goes once its case has it; empty, it stays there with a flag
    done_folder: str = "Procesados"
    #: whether a sender counts without a word of the mailbox' server
    trust_from: bool = False
    #: the name under which that server tells of senders; empty, ``host``
    authserv_id: str = ""


class PacketSettings(Part):
    #: the private key that packets are signed with, one for a fleet
    key: Secret = None


class PolicySettings(Policy):
    #: days without a word after which a case's data is past its time
    retention_days: Days = 90
    #: seconds that anything in a portal may take to show
    page_limit: Limit = 20.0


class Settings(BaseSettings):
    """All settings; every name is one of the file, and ``CARGOFIJO_…`` of the environment, ``__``
    between levels."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid")

    database_url: str = ""
    var_dir: Path = Path("var")
    #: a folder with a map for each portal that calls its surface otherwise
    maps_dir: Path = Path("mapas")
    #: sessions in SIAC Único at once; with two or more, half as many cases again are at work
    seats: int = Field(default=1, ge=1, le=32)
    #: cases at work at once over all the machines of a fleet; None sets no limit
    fleet_seats: int | None = Field(default=None, ge=1)
    browser: BrowserSettings = BrowserSettings()
    portals: PortalsSettings = PortalsSettings()
    smtp: SmtpSettings = SmtpSettings()
    imap: ImapSettings = ImapSettings()
    inbox: InboxSettings = InboxSettings()
    policy: PolicySettings = PolicySettings()
    packet: PacketSettings = PacketSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, InitSettingsSource(settings_cls, _in_file())

    @property
    def database(self) -> str:
        """URL of the database."""
        return self.database_url or f"sqlite:///{self.var_dir.absolute() / 'cargofijo.sqlite'}"

    def password_of(self, portal: str) -> str:
        """A portal's password, asked for when it is needed; raises `PasswordMissing`."""
        kept = self.secret_of(portal)
        if kept is None:
            raise PasswordMissing(
                f"Falta la contraseña de {portal.upper()}: use «cargofijo credentials set "
                f"{portal}» o la variable {_password_variable(portal)}, en el entorno o en "
                f"{ENV_FILE}{_unread_env_file()}."
            )
        return kept

    def secret_of(self, owner: str) -> str | None:
        """A password, or the packets' key; None where there is none."""
        given = self._password_given(owner)
        if given is not None:
            return given.get_secret_value()
        try:
            kept = keyring.get_password(KEYRING_SERVICE, owner)
            return kept if kept and kept.strip() else None
        except keyring.errors.KeyringError:
            return None

    def variable_with_password(self, portal: str) -> str | None:
        """The variable of the environment that gives this password, where one does."""
        return _password_variable(portal) if self._password_given(portal) is not None else None

    def _password_given(self, portal: str) -> SecretStr | None:
        if portal == PACKET:
            return self.packet.key
        part: PortalSettings | SmtpSettings | ImapSettings = (
            getattr(self, portal) if portal in MAIL else getattr(self.portals, portal)
        )
        return part.password

    def missing(self) -> list[str]:
        """Settings that a run needs and that are not set, by their names in the environment."""
        found = [
            f"{PREFIX}PORTALS__{portal.upper()}__{name.upper()}"
            for portal in PORTALS
            for name in ("url", "username")
            if not getattr(getattr(self.portals, portal), name)
        ]
        found += [
            f"{PREFIX}SMTP__{name.upper()}"
            for name in ("host", "sender")
            if not getattr(self.smtp, name)
        ]
        return found


def _unread_env_file() -> str:
    closed = ENV_FILE.exists() and not os.access(ENV_FILE, os.R_OK)
    return ", que este usuario no puede leer" if closed else ""


def _password_variable(portal: str) -> str:
    if portal == PACKET:
        return PACKET_KEY
    return f"{PREFIX}{'' if portal in MAIL else 'PORTALS__'}{portal.upper()}__PASSWORD"


def load_settings(**given: Any) -> Settings:
    """Load the settings of this process; raises `SettingsError` naming what is wrong and where."""
    _check_file()
    with _readable(ENV_FILE):
        take_env_file()
    _check_environment()
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    if settings.database_url.partition("://")[0] not in ("", "sqlite", "postgresql"):
        raise SettingsError(
            f"El ajuste {PREFIX}DATABASE_URL no es válido: se espera postgresql://servidor/base o "
            "sqlite:///archivo."
        )
    return settings


def _in_file() -> dict[str, Any]:
    return read_toml(FILE)


def read_toml(file: Path) -> dict[str, Any]:
    """What a file says; nothing where there is none. Raises `SettingsError`."""
    try:
        with _readable(file):
            return tomllib.loads(decoded(file.read_bytes()))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f"en la línea {place[1]}, columna {place[2]}" if place else "al final"
        raise SettingsError(f"{file} está mal escrito {where}.") from None


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Tell a file that is there and is no text, or cannot be read; raises `SettingsError`."""
    try:
        yield
    except FileNotFoundError:
        raise
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError(
            f"{file} no es un texto en UTF-8 (línea {line}): guárdelo con esa codificación."
        ) from None
    except OSError:
        raise SettingsError(f"No se puede leer {file}.") from None


def _check_file() -> None:
    content = _in_file()
    _refuse_passwords(content)
    address = urlsplit(str(content.get("database_url", "")))
    if address.password or "password" in parse_qs(address.query):
        raise SettingsError(
            f"{FILE} tiene una contraseña (database_url): déjela en el entorno "
            f"({PREFIX}DATABASE_URL o PGPASSFILE), nunca en el archivo."
        )


def _refuse_passwords(part: dict[str, Any], path: str = "") -> None:
    for name, value in part.items():
        if isinstance(value, dict):
            _refuse_passwords(value, f"{path}{name}.")
        elif name.lower() == "password" or f"{path}{name}".lower() == "packet.key":
            raise SettingsError(
                f"{FILE} tiene una contraseña ({path}{name}): guárdela con «cargofijo "
                "credentials set» o en el entorno, nunca en el archivo."
            )


def _known_names(
    model: type[BaseModel] = Settings, path: tuple[str, ...] = ()
) -> dict[tuple[str, ...], Any]:
    """Every setting and group of settings, with its type."""
    names: dict[tuple[str, ...], Any] = {}
    for name, info in model.model_fields.items():
        kind = info.annotation
        names[*path, name] = kind
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= _known_names(kind, (*path, name))
    return names


def _variable(path: Iterable[str]) -> str:
    return (PREFIX + "__".join(path)).upper()


def _check_environment() -> None:
    """A typo in the environment would otherwise be a silence."""
    known = {_variable(path): kind for path, kind in _known_names().items()}
    for name, value in os.environ.items():
        if not name.upper().startswith(PREFIX):
            continue
        if name.upper() not in known:
            bare = [variable.removeprefix(PREFIX) for variable in known]
            near = nearest(name.upper().removeprefix(PREFIX), bare, PREFIX)
            raise SettingsError(f"No existe el ajuste {name}{near}")
        kind = known[name.upper()]
        if get_origin(kind) is tuple or (isinstance(kind, type) and issubclass(kind, BaseModel)):
            try:
                json.loads(value)
            except ValueError:
                raise SettingsError(
                    f"El ajuste {name} no es válido: se espera JSON, por ejemplo "
                    '["POSTVENTA"] para una lista.'
                ) from None


def nearest(name: str, known: Collection[str], prefix: str = "") -> str:
    """The end of a sentence about a name that does not exist: which one may be meant."""
    longer = sorted((other for other in known if other.startswith(name)), key=len)  # «user»
    near = longer or difflib.get_close_matches(name, sorted(known), n=1)
    return f": ¿quiso decir {prefix}{near[0]}?" if near else "."


#: what is expected, by pydantic's kind of error
_EXPECTED = {
    "int_parsing": "se espera un número entero",
    "int_type": "se espera un número entero",
    "int_from_float": "se espera un número entero",
    "float_parsing": "se espera un número",
    "float_type": "se espera un número",
    "bool_parsing": "se espera true o false",
    "bool_type": "se espera true o false",
    "string_type": "se espera un texto entre comillas",
    "path_type": "se espera un texto entre comillas",
    "tuple_type": "se espera una lista entre corchetes",
    "too_short": "se espera al menos un valor",
    "finite_number": "se espera un número",
    "greater_than": "se espera más de {gt:g}",
    "greater_than_equal": "se espera {ge:g} como mínimo",
    "less_than_equal": "se espera {le:g} como máximo",
    "enum": "se espera {expected}",
    "literal_error": "se espera {expected}",
    "address": "se espera una dirección como http://servidor, sin usuario ni contraseña",
    "model_type": "se espera un grupo de ajustes",
    "system_store": (
        "se espera vacío, porque en este sistema el navegador toma las autoridades del almacén de "
        "certificados del sistema: instale ahí la de la empresa"
    ),
    "no_authority": "se espera un archivo PEM con el certificado de una autoridad",
    "model_attributes_type": "se espera un grupo de ajustes",
}


def _explain(error: ValidationError) -> str:
    """One sentence about the first problem; a value is never repeated."""
    first = error.errors(include_input=False, include_url=False)[0]
    path = [str(part) for part in first["loc"]]
    name = ".".join(path)
    given = {variable.upper() for variable in os.environ}
    variables = (_variable(path[:end]) for end in range(len(path), 0, -1))
    source = next((variable for variable in variables if variable in given), None)
    if first["type"] == "extra_forbidden":
        near = nearest(name.lower(), [".".join(path) for path in _known_names()])
        return f"No existe el ajuste «{name}» en {source or FILE}{near}"
    expected = _EXPECTED.get(first["type"], "el valor no tiene la forma esperada")
    expected = expected.format(**first.get("ctx", {})).replace(" or ", " o ").replace("'", "")
    return f"El ajuste {source or f'«{name}» de {FILE}'} no es válido: {expected}."
