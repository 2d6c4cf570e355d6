"""Who the demo is about: invented companies, the people who speak for them, and plans."""

from __future__ import annotations

from tests.demo.world import DemoWorld, Json, Plan

MAX_59 = Plan("Max Empresas 59.90", "59.90")
MAX_79 = Plan("Max Empresas 79.90", "79.90")
MAX_99 = Plan("Max Empresas 99.90", "99.90")
ILIMITADO_129 = Plan("Max Empresas Ilimitado 129.90", "129.90")
NEGOCIOS_45 = Plan("Conexión Negocios 45.90", "45.90")
BOLSA_1299 = Plan("Bolsa Corporativa 1,299.90", "1299.90")

CAE = {
    "name": "Milagros Ávila Soto",
    "channel": "CAE",
    "email": "milagros.avila@ejecutivos.example",
}
CAE_2 = {
    "name": "Renzo Paredes Luna",
    "channel": "CAE",
    "email": "renzo.paredes@ejecutivos.example",
}
DACE = {"name": "Óscar Ñahui Campos", "channel": "DACE", "email": "oscar.nahui@ejecutivos.example"}


class People:
    """The customers of the demo, registered in its world."""

    def __init__(self, world: DemoWorld) -> None:
        add = world.customer
        self.nevado = add(
            101,
            "Transportes Nevado Andino S.A.C.",
            "Corporativo",
            CAE,
            [
                ("07654321", "Rosa Elvira Quispe Mamani", "rosa.quispe@nevadoandino.example"),
                ("41230987", "Hugo Tello Barrientos", "hugo.tello@nevadoandino.example"),
            ],
        )
        self.huaral = add(
            102,
            "Agroexportadora Valle de Huaral S.A.",
            "Corporativo",
            DACE,
            [
                ("09876012", "Carmen Rosa Núñez Dávila", "cnunez@agrohuaral.example"),
                ("42118907", "Iván Pizarro Chumpitaz", "ipizarro@agrohuaral.example"),
            ],
        )
        self.clinica = add(
            103,
            "Clínica Santa Eulalia del Rímac S.A.C.",
            "Negocios",
            CAE_2,
            [("10445566", "Beatriz Huamán Solís", "beatriz.huaman@santaeulalia.example")],
        )
        self.puente = add(
            104,
            "Constructora Puente Colgante S.R.L.",
            "Negocios",
            CAE,
            [("43210765", "Julio César Ramos Peña", "jramos@puentecolgante.example")],
        )
        self.hilo = add(
            105,
            "Textiles Hilo Dorado S.A.C.",
            "Negocios",
            DACE,
            [("08123450", "Yolanda Cárdenas Ríos", "ycardenas@hilodorado.example")],
        )
        self.bermejo = add(
            106,
            "Minera Cerro Bermejo S.A.A.",
            "Corporativo",
            DACE,
            [
                ("40557733", "Édgar Zegarra Lozano", "edgar.zegarra@cerrobermejo.example"),
                ("29645581", "Patricia Flores Apaza", "patricia.flores@cerrobermejo.example"),
            ],
        )
        self.tambo = add(
            107,
            "Distribuidora El Tambo Central E.I.R.L.",
            "Negocios",
            CAE_2,
            [("20033117", "Nélida Orihuela Matos", "ventas@tambocentral.example")],
        )
        self.pesquera = add(
            108,
            "Pesquera Bahía Serena S.A.",
            "Corporativo",
            CAE,
            [("32876540", "Fernando Loayza Gil", "floayza@bahiaserena.example")],
        )
        self.colegio = add(
            109,
            "Colegio Los Álamos del Sur S.A.C.",
            "Negocios",
            CAE_2,
            [("46071238", "Mónica Valdivia Chávez", "administracion@alamosdelsur.example")],
        )
        self.hotel = add(
            110,
            "Grupo Hotelero Killa Wasi S.A.",
            "Corporativo",
            DACE,
            [("23984410", "Saúl Condori Ttito", "saul.condori@killawasi.example")],
        )
        self.ferreteria = add(
            111,
            "Ferretería Tres Tornillos E.I.R.L.",
            "Negocios",
            CAE_2,
            [("44556610", "Liliana Gutiérrez Arce", "liliana@trestornillos.example")],
            portfolio=False,
        )
        self.botica = add(
            112,
            "Botica Señor de la Cuesta E.I.R.L.",
            "Masivo",
            None,
            [("45998812", "Raúl Ponce Vílchez", "botica@senordelacuesta.example")],
        )

    @staticmethod
    def executive(customer: Json) -> str:
        """Her or his name, for the list's own column of that kind."""
        executive = customer["executive"]
        return str(executive["name"]) if executive else ""
