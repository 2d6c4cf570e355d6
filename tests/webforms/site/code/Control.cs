// The tests' own door: what was saved, and what the next postback does otherwise. No portal has it.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Web;
using System.Web.Script.Serialization;
using System.Web.Security;
using System.Web.SessionState;

namespace Ventanilla {

// GET Control.axd with any of: reiniciar=1, falla=WORD (once), retener=1 and soltar=1 (what is saved is
// answered to only then), and for the browser that asks: vencer=1 (its ticket has run out), olvidar=1
// (its server session is gone).
public class Control : IHttpHandler, IRequiresSessionState {
  static readonly ManualResetEvent Puerta = new ManualResetEvent(true);
  static string falla = "";
  static int envios;

  public bool IsReusable { get { return true; } }

  public static string Falla() { return Interlocked.Exchange(ref falla, ""); }

  public static void Esperar() { Puerta.WaitOne(TimeSpan.FromSeconds(30)); }

  public static void Contar() { Interlocked.Increment(ref envios); }

  public void ProcessRequest(HttpContext contexto) {
    var pedido = contexto.Request;
    if (pedido["reiniciar"] != null) { Datos.Reiniciar(); falla = ""; envios = 0; Puerta.Set(); }
    if (pedido["falla"] != null) falla = pedido["falla"];
    if (pedido["retener"] != null) Puerta.Reset();
    if (pedido["soltar"] != null) Puerta.Set();
    if (pedido["olvidar"] != null) contexto.Session.Abandon();
    if (pedido["vencer"] != null) contexto.Response.Cookies.Set(Vencido());
    contexto.Response.ContentType = "application/json";
    contexto.Response.Write(new JavaScriptSerializer().Serialize(new {
      envios,
      casos = Datos.Casos.Select(x => new { x.Numero, x.Referencia, x.Tipo, x.Estado, x.Detalle, x.Llamada, x.Ficha, notas = x.Anotado })
    }));
  }

  static HttpCookie Vencido() {
    var antes = DateTime.Now.AddHours(-1);
    var ticket = new FormsAuthenticationTicket(2, "ana", antes, antes.AddMinutes(20), false, "");
    return new HttpCookie(FormsAuthentication.FormsCookieName, FormsAuthentication.Encrypt(ticket)) { Path = FormsAuthentication.FormsCookiePath };
  }
}
}
