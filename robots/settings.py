"""Settings: `cargofijo.toml` in the working directory, over it the environment.

The only reader of files and environment for settings. Passwords come from the environment or the
operating system's keyring, never from the file.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from pathlib import Path
from typing import Any, Literal

import keyring
import keyring.errors
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from flows.case import Escenario

FILE = Path("cargofijo.toml")
PREFIX = "CARGOFIJO_"
KEYRING_SERVICE = "cargofijo"
PORTALS = ("sisact", "siac", "nintex", "remedy")


class SettingsError(Exception):
    """A setting is missing, unknown or wrong; the text is one Spanish sentence."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BrowserSettings(Part):
    channel: str = ""
    executable: str = ""
    headless: bool = True


class PortalSettings(Part):
    url: str = ""
    username: str = ""
    password: SecretStr | None = None


class NintexSettings(PortalSettings):
    #: the libraries' own addresses, where they are not the guide's paths on ``url``
    activaciones_url: str = ""
    operador_url: str = ""


class PortalsSettings(Part):
    sisact: PortalSettings = PortalSettings()
    siac: PortalSettings = PortalSettings()
    nintex: NintexSettings = NintexSettings()
    remedy: PortalSettings = PortalSettings()


class SmtpSettings(Part):
    host: str = ""
    port: int = 25
    sender: str = ""
    username: str = ""
    password: SecretStr | None = None
    security: Literal["none", "starttls", "tls"] = "none"
    #: where evidence is to be sent; the guide's spelling, to be confirmed by the owner
    mailbox: str = "atencioncorpoartiva@claro.com.pe"
    operator: str = ""
    #: a folder with edited copies of the e-mails' templates
    templates: Path | None = None


class PolicySettings(Part):
    #: scenarios that need a supervisor's yes
    approvals: tuple[Escenario, ...] = ()
    max_writes: int | None = Field(default=None, ge=1)
    max_attempts: int = Field(default=3, ge=1)
    retention_days: int = Field(default=90, ge=1)
    #: seconds before a failed portal is tried again; the last one counts for every further try
    retry_pauses: tuple[float, ...] = Field(default=(1.0, 5.0, 15.0), min_length=1)
    #: seconds after which a submit without a clear answer is looked for, before it is repeated
    look_again: tuple[float, ...] = Field(default=(2.0, 5.0, 10.0), min_length=1)


class Settings(BaseSettings):
    """See `contract.md`; every name is a setting of the file, and ``CARGOFIJO_…`` of the
    environment, ``__`` between levels."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", toml_file=FILE
    )

    database_url: str = ""
    var_dir: Path = Path("var")
    seats: int = Field(default=1, ge=1, le=32)
    browser: BrowserSettings = BrowserSettings()
    portals: PortalsSettings = PortalsSettings()
    smtp: SmtpSettings = SmtpSettings()
    policy: PolicySettings = PolicySettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def database(self) -> str:
        """Where the robot's record is."""
        return self.database_url or f"sqlite:///{self.var_dir.absolute() / 'cargofijo.sqlite'}"

    def password_of(self, portal: str) -> str:
        """Asked for when it is needed; raises `SettingsError` where there is none."""
        given: PortalSettings | SmtpSettings = (
            self.smtp if portal == "smtp" else getattr(self.portals, portal)
        )
        if given.password is not None:
            return given.password.get_secret_value()
        try:
            kept = keyring.get_password(KEYRING_SERVICE, portal)
        except keyring.errors.KeyringError:
            kept = None
        if kept is None:
            name = "SMTP" if portal == "smtp" else f"PORTALS__{portal.upper()}"
            raise SettingsError(
                f"Falta la contraseña de {portal.upper()}: use «cargofijo credentials set "
                f"{portal}» o la variable {PREFIX}{name}__PASSWORD."
            )
        return kept

    def missing(self) -> list[str]:
        """What a run cannot do without and is not set, by its name in the environment."""
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


def load_settings(**given: Any) -> Settings:
    """The settings of this process; raises `SettingsError` naming what is wrong and where."""
    _refuse_file_secrets()
    _refuse_unknown_names()
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def _refuse_file_secrets() -> None:
    try:
        content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"No se puede leer {FILE}: {error}.") from None

    def walk(part: dict[str, Any], path: str) -> None:
        for name, value in part.items():
            if isinstance(value, dict):
                walk(value, f"{path}{name}.")
            elif name.lower() == "password":
                raise SettingsError(
                    f"{FILE} tiene una contraseña ({path}{name}): guárdela con «cargofijo "
                    "credentials set» o en el entorno, nunca en el archivo."
                )

    walk(content, "")


def _known_names(model: type[BaseModel], path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    names: set[tuple[str, ...]] = set()
    for name, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= _known_names(kind, (*path, name))
        names.add((*path, name))
    return names


def _refuse_unknown_names() -> None:
    """A typo in the environment would otherwise be a silence."""
    known = {PREFIX + "__".join(path).upper() for path in _known_names(Settings)}
    for name in os.environ:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise SettingsError(f"No existe el ajuste {name}{_nearest(name.upper(), known)}.")


def _nearest(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f": ¿quiso decir {near[0]}?" if near else ""


def _explain(error: ValidationError) -> str:
    """One sentence about the first problem; a value is never repeated."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = {".".join(path) for path in _known_names(Settings)}
        return f"No existe el ajuste «{name}» en {FILE}{_nearest(name, known)}."
    return f"El ajuste «{name}» no es válido: {first['msg']}."
