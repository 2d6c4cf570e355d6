#!/usr/bin/env bash
# tomlkit: a comment above a table belongs to the table before it, whatever a program does to either of them.
#
# Expected: of a file that a person has commented, a program may change one table, and every comment stays with the
# lines that it stands above: a new key comes after the last key of its table, and a table that is taken out takes the
# comment above its name with it.
# Seen: what follows a table's last key, up to the next name in brackets, is the table's own. A new key therefore comes
# to stand below the comment about the next table, as if that were said of the key. A table that is taken out leaves
# its own comment behind, above the name of the table after it, and takes along the one that was about that table. No
# error, and the values are right. Whoever writes into people's files has to put keys before what trails, and to move
# comments with what they are about.
#
# Version: tomlkit 0.15.2.
# Output seen:
#   a key more: [linea] | Cargo = "CF" | # la pantalla de casos | Plan = "Plan tarifario" | [caso]
#   a table less: [linea] | Cargo = "CF" | # la pantalla de casos | [nota]
set -euo pipefail
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet tomlkit==0.15.2
cat > tables.py <<'PYTHON'
import tomlkit

FILE = """[linea]
Cargo = "CF"

# la pantalla de casos
[caso]
Estado = "Situación"

# la ventana de notas
[nota]
Texto = "Glosa"
"""


def lines(document):
    return [line for line in tomlkit.dumps(document).splitlines() if line]


more, less = tomlkit.parse(FILE), tomlkit.parse(FILE)
more["linea"]["Plan"] = "Plan tarifario"
del less["caso"]
print("a key more:", " | ".join(lines(more)[:5]))
print("a table less:", " | ".join(lines(less)[:4]))
PYTHON
diff <(venv/bin/python tables.py) - <<<"$seen"
echo "$seen"
