// Registering cases, and working with them.
using System;
using System.Linq;
using System.Web.UI;
using System.Web.UI.WebControls;

namespace Ventanilla {

public class Registrar : Pagina {
  protected DropDownList ddlTipo, ddlClase, ddlSubclase, ddlDocumento;
  protected TextBox txtRuc, txtDocumento, txtCargo, txtReferencia, txtDetalle;
  protected Label lblRazon, lblNumero, lblArchivo;
  protected RadioButtonList rblPrioridad;
  protected CheckBox chkLlamada;
  protected CheckBoxList cblServicios;
  protected ListBox lbAreas;
  protected FileUpload fuAdjunto;
  protected Panel pnlForma, pnlHecho;

  protected void Page_Load(object s, EventArgs e) {
    if (IsPostBack) return;
    Llenar(ddlTipo, "Consulta", "Reclamo");
    Llenar(ddlClase);
    Llenar(ddlSubclase);
  }

  static string[] Tres(string de) { return Enumerable.Range(1, 3).Select(i => de + "." + i).ToArray(); }

  protected void TipoCambio(object s, EventArgs e) { Llenar(ddlClase, Tres(ddlTipo.SelectedValue)); Llenar(ddlSubclase); }

  protected void ClaseCambio(object s, EventArgs e) { Llenar(ddlSubclase, Tres(ddlClase.SelectedValue)); }

  protected void RucCambio(object s, EventArgs e) { lblRazon.Text = "Comercial de " + txtRuc.Text; }

  protected void DetalleValido(object s, ServerValidateEventArgs e) { e.IsValid = !e.Value.Contains("prohibido"); }

  static string Elegidos(ListControl lista) {
    return string.Join(",", lista.Items.Cast<ListItem>().Where(x => x.Selected).Select(x => x.Text).ToArray());
  }

  protected void Guardar(object s, EventArgs e) {
    if (!IsValid) return;
    var caso = Guardado(new Caso {
      Referencia = txtReferencia.Text, Tipo = ddlTipo.SelectedValue, Detalle = txtDetalle.Text, Llamada = chkLlamada.Checked,
      Ficha = string.Join("|", new[] {
        ddlSubclase.SelectedValue, txtRuc.Text, rblPrioridad.SelectedValue, Elegidos(cblServicios), Elegidos(lbAreas),
        ddlDocumento.SelectedValue + " " + txtDocumento.Text, txtCargo.Text,
        fuAdjunto.HasFile ? fuAdjunto.FileName + " (" + fuAdjunto.PostedFile.ContentLength + " bytes)" : ""
      })
    });
    pnlForma.Visible = false;
    pnlHecho.Visible = true;
    lblNumero.Text = caso.Numero;
    lblArchivo.Text = fuAdjunto.HasFile ? fuAdjunto.FileName + " (" + fuAdjunto.PostedFile.ContentLength + " bytes)" : "Ninguno";
    Ejecutar("alert('Se registró el caso N° " + caso.Numero + ".');");
  }
}

public class Rapido : Pagina {
  protected DropDownList ddlTipo, ddlClase;
  protected TextBox txtReferencia;
  protected Label lblMensaje;

  protected void Page_Load(object s, EventArgs e) {
    if (IsPostBack) return;
    Llenar(ddlTipo, "Consulta", "Reclamo");
    Llenar(ddlClase);
  }

  protected void TipoCambio(object s, EventArgs e) {
    Llenar(ddlClase, Enumerable.Range(1, 3).Select(i => ddlTipo.SelectedValue + "." + i).ToArray());
  }

  protected void Guardar(object s, EventArgs e) {
    if (!IsValid) return;
    var caso = Guardado(new Caso { Referencia = txtReferencia.Text, Tipo = ddlTipo.SelectedValue, Detalle = ddlClase.SelectedValue, Ficha = "" });
    lblMensaje.Text = "Se registró el caso N° " + caso.Numero;
  }
}

public class Casos : Pagina {
  protected TextBox txtReferencia;
  protected DropDownList ddlEstado;
  protected GridView gvCasos;
  protected Label lblElegido;

  protected void Page_Load(object s, EventArgs e) { if (!IsPostBack) Mostrar(); }

  void Mostrar() {
    var hallados = Datos.Casos.Where(x => (txtReferencia.Text == "" || x.Referencia == txtReferencia.Text) && (ddlEstado.SelectedValue == "" || x.Estado == ddlEstado.SelectedValue));
    if (ViewState["orden"] != null) hallados = hallados.Reverse();
    Ligar(gvCasos, hallados.ToList());
  }

  protected void Buscar(object s, EventArgs e) { gvCasos.PageIndex = 0; Mostrar(); }

  protected void Pagina(object s, GridViewPageEventArgs e) { gvCasos.PageIndex = e.NewPageIndex; Mostrar(); }

  protected void Ordenar(object s, GridViewSortEventArgs e) { ViewState["orden"] = e.SortExpression; Mostrar(); }

  protected void Comando(object s, GridViewCommandEventArgs e) {
    if (e.CommandName != "Nota" && e.CommandName != "Cerrar" && e.CommandName != "Select") return;
    var numero = (string) gvCasos.DataKeys[int.Parse((string) e.CommandArgument)].Value;
    if (e.CommandName == "Nota") Abrir("Nota.aspx?n=" + numero);
    if (e.CommandName == "Select") lblElegido.Text = numero;
    if (e.CommandName == "Cerrar") { Datos.Cerrar(numero); Mostrar(); }
  }

  protected void Pie(object s, GridViewRowEventArgs e) {
    if (e.Row.RowType == DataControlRowType.Footer) e.Row.Cells[1].Text = "Total: " + Datos.Casos.Count;
  }
}

public class Nota : Pagina {
  protected Label lblNumero;
  protected TextBox txtNota;

  protected void Page_Load(object s, EventArgs e) { lblNumero.Text = Request["n"]; }

  protected void Guardar(object s, EventArgs e) {
    if (!IsValid) return;
    Datos.Anotar(Request["n"], txtNota.Text);
    Ejecutar("window.close();");
  }
}
}
