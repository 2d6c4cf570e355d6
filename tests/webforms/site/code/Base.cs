// What all pages share: the login, and the ways in which an application of this kind fails.
using System;
using System.Web;
using System.Web.Security;
using System.Web.UI;
using System.Web.UI.WebControls;

namespace Ventanilla {

public class Plantilla : MasterPage {
  protected Literal litTitulo;
  protected void Page_PreRender(object s, EventArgs e) { litTitulo.Text = Page.Title; }
}

public class Pagina : Page {
  protected const string Elija = "-- Seleccione --";

  protected override void OnLoad(EventArgs e) {
    if (Session["usuario"] == null) Server.Transfer("~/Expirada.aspx");
    if (IsPostBack) { Control.Contar(); Fallar(Control.Falla()); }
    base.OnLoad(e);
  }

  void Fallar(string como) {
    if (como == "excepcion") throw new InvalidOperationException("Fallo provocado");
    if (como == "transferir") Server.Transfer("~/Expirada.aspx");
    if (como == "redirigir") Response.Redirect("~/Expirada.aspx");
    if (como == "mantenimiento") Responder(200, "<html><body>Sistema en mantenimiento</body></html>");
    if (como == "503") Responder(503, "<html><body>Servicio no disponible</body></html>");
    if (como == "alerta") Ejecutar("alert('Su sesión ha expirado');");
  }

  void Responder(int estado, string texto) {
    Response.Clear();
    Response.StatusCode = estado;
    Response.Write(texto);
    Response.End();
  }

  protected void Ejecutar(string guion) { ScriptManager.RegisterStartupScript(this, GetType(), guion, guion, true); }

  protected void Abrir(string direccion) { Ejecutar("window.open('" + direccion + "','_blank','width=800,height=600');"); }

  // A record is there before the answer is: whoever is impatient clicks again meanwhile.
  protected static Caso Guardado(Caso caso) {
    Datos.Registrar(caso);
    Control.Esperar();
    return caso;
  }

  protected static void Llenar(ListControl lista, params string[] textos) {
    lista.Items.Clear();
    lista.Items.Add(new ListItem(Elija, ""));
    foreach (var texto in textos) lista.Items.Add(texto);
  }

  protected static void Ligar(BaseDataBoundControl grilla, object datos) { grilla.DataSource = datos; grilla.DataBind(); }
}

public class Ingreso : Page {
  protected TextBox txtUsuario, txtClave;
  protected Label lblMensaje;

  protected void Entrar(object s, EventArgs e) {
    if (txtUsuario.Text != "ana" || txtClave.Text != "clave") { lblMensaje.Text = "Usuario o contraseña incorrectos"; return; }
    Session["usuario"] = txtUsuario.Text;
    FormsAuthentication.RedirectFromLoginPage(txtUsuario.Text, false);
  }
}

public class Inicio : Pagina { }

// The ticket is left in the browser, as such pages do.
public class Expirada : Page { }

public class Cabecera : Page {
  protected void Salir(object s, EventArgs e) {
    FormsAuthentication.SignOut();
    Session.Abandon();
    ClientScript.RegisterStartupScript(GetType(), "salir", "top.location.href='Login.aspx';", true);
  }
}
}
