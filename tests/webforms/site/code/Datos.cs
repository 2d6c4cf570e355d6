// What the application holds: made up, the same after each reset.
using System;
using System.Collections.Generic;
using System.Linq;

namespace Ventanilla {

public class Sec {
  public string Numero { get; set; }
  public string Ruc { get; set; }
  public string Razon { get; set; }
  public string Estado { get; set; }
  public string Fecha { get; set; }
  public string Linea { get; set; }
  public string Plan { get; set; }
  public decimal Cargo { get; set; }
}

public class Caso {
  public string Numero { get; set; }
  public string Referencia { get; set; }
  public string Tipo { get; set; }
  public string Estado { get; set; }
  public string Detalle { get; set; }
  public bool Llamada { get; set; }
  public string Ficha { get; set; }
  public List<string> Anotado = new List<string>();
  public string Notas { get { return string.Join(" / ", Anotado.ToArray()); } }
}

public static class Datos {
  public const int Evaluaciones = 137;
  static readonly string[] Estados = { "Aprobada", "Observada", "Rechazada" };
  static readonly object Cerrojo = new object();
  static List<Caso> casos;

  static Datos() { Reiniciar(); }

  public static void Reiniciar() {
    lock (Cerrojo) casos = Enumerable.Range(1, 12).Select(i => new Caso {
      Numero = (5000 + i).ToString(), Referencia = "REF-" + i.ToString("000"), Tipo = i % 2 == 0 ? "Reclamo" : "Consulta",
      Estado = i % 4 == 0 ? "Cerrado" : "Registrado", Detalle = "Línea " + (987000000 + i), Llamada = i % 3 == 0, Ficha = ""
    }).ToList();
  }

  public static List<Sec> Secs(int cuantas = Evaluaciones) {
    return Enumerable.Range(1, cuantas).Select(i => new Sec {
      Numero = (300000 + i).ToString(), Ruc = "20" + (600000000 + i % 40), Razon = "Comercial Ñandú & Cía " + i % 40 + " S.A.C.",
      Estado = Estados[i % 3], Fecha = new DateTime(2026, 1, 1).AddDays(i).ToString("dd/MM/yyyy"),
      Linea = (987600000 + i).ToString(), Plan = "Max Negocios " + (29 + i % 5 * 10), Cargo = 1000.5m + i
    }).ToList();
  }

  public static Sec Buscar(string numero) { return Secs().FirstOrDefault(x => x.Numero == numero); }

  public static Caso Registrar(Caso caso) {
    lock (Cerrojo) {
      caso.Numero = (5001 + casos.Count).ToString();
      caso.Estado = "Registrado";
      casos.Add(caso);
    }
    return caso;
  }

  public static List<Caso> Casos { get { lock (Cerrojo) return casos.ToList(); } }

  public static Caso Cerrar(string numero) {
    var caso = Casos.First(x => x.Numero == numero);
    caso.Estado = "Cerrado";
    return caso;
  }

  public static void Anotar(string numero, string nota) {
    lock (Cerrojo) casos.First(x => x.Numero == numero).Anotado.Add(nota);
  }
}
}
