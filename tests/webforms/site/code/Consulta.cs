// Searching, and the windows that a search opens.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Web.UI;
using System.Web.UI.WebControls;

namespace Ventanilla {

public class Consulta : Pagina {
  protected TextBox txtSec, txtRuc;
  protected DropDownList ddlDepartamento, ddlProvincia;
  protected GridView gvSec;
  protected Label lblTotal;

  protected void Page_Load(object s, EventArgs e) {
    if (IsPostBack) return;
    Llenar(ddlDepartamento, "Lima", "Cusco", "Piura");
    Llenar(ddlProvincia);
  }

  protected void DepartamentoCambio(object s, EventArgs e) {
    var departamento = ddlDepartamento.SelectedValue;
    Llenar(ddlProvincia, Enumerable.Range(1, 3).Select(i => departamento + " provincia " + i).ToArray());
  }

  void Mostrar() {
    var halladas = Datos.Secs().Where(x => (txtSec.Text == "" || x.Numero == txtSec.Text) && (txtRuc.Text == "" || x.Ruc == txtRuc.Text));
    var orden = (string) ViewState["orden"];
    if (orden == "Numero") halladas = halladas.OrderByDescending(x => x.Numero);
    if (orden == "Razon") halladas = halladas.OrderBy(x => x.Razon, StringComparer.Ordinal);
    var todas = halladas.ToList();
    Ligar(gvSec, todas);
    lblTotal.Text = "Registros encontrados: " + todas.Count;
  }

  protected void Buscar(object s, EventArgs e) { gvSec.PageIndex = 0; Mostrar(); }

  protected void Limpiar(object s, ImageClickEventArgs e) { txtSec.Text = txtRuc.Text = lblTotal.Text = ""; Ligar(gvSec, null); }

  protected void Pagina(object s, GridViewPageEventArgs e) { gvSec.PageIndex = e.NewPageIndex; Mostrar(); }

  protected void Ordenar(object s, GridViewSortEventArgs e) { ViewState["orden"] = e.SortExpression; Mostrar(); }

  protected void Comando(object s, GridViewCommandEventArgs e) {
    if (e.CommandName == "Ver") Abrir("Evaluacion.aspx?n=" + e.CommandArgument);
  }
}

public class Evaluacion : Pagina {
  protected Menu mnuPestanas;
  protected MultiView mv;
  protected Label lblNumero, lblRuc;
  protected TextBox txtRazon;
  protected DropDownList ddlEstado;
  protected RadioButtonList rblPersona;
  protected GridView gvLineas;
  protected DetailsView dvOferta;
  protected DataGrid dgHistorial;

  Sec Sec { get { return Datos.Buscar(Request["n"]); } }

  protected void Page_Load(object s, EventArgs e) {
    if (IsPostBack) return;
    lblNumero.Text = Sec.Numero;
    lblRuc.Text = Sec.Ruc;
    txtRazon.Text = Sec.Razon;
    ddlEstado.SelectedValue = Sec.Estado;
    rblPersona.SelectedValue = "J";
    Ligar(dvOferta, new[] { Sec });
    MostrarLineas();
    MostrarHistorial();
  }

  void MostrarLineas() { Ligar(gvLineas, Datos.Secs(13)); }

  void MostrarHistorial() {
    dgHistorial.DataSource = Enumerable.Range(1, 9).Select(i => new { Fecha = i.ToString("00") + "/11/2026", Evento = "Evento N° " + i }).ToList();
    dgHistorial.DataBind();
  }

  protected void Pestana(object s, MenuEventArgs e) { mv.ActiveViewIndex = int.Parse(e.Item.Value); }

  protected void PaginaLineas(object s, GridViewPageEventArgs e) { gvLineas.PageIndex = e.NewPageIndex; MostrarLineas(); }

  protected void PaginaHistorial(object s, DataGridPageChangedEventArgs e) { dgHistorial.CurrentPageIndex = e.NewPageIndex; MostrarHistorial(); }

  protected void Comando(object s, GridViewCommandEventArgs e) {
    if (e.CommandName == "Detalle") Abrir("Linea.aspx?i=" + (gvLineas.PageIndex * gvLineas.PageSize + int.Parse((string) e.CommandArgument)));
  }
}

public class DetalleLinea : Pagina {
  protected FormView fvLinea;
  protected GridView gvRecibos;
  decimal total;

  protected void Page_Load(object s, EventArgs e) {
    Ligar(fvLinea, new[] { Datos.Secs()[int.Parse(Request["i"])] });
    Ligar(gvRecibos, Enumerable.Range(1, 6).Select(i => new { Periodo = i.ToString("00") + "/2026", Monto = 1200m + i }));
  }

  protected void Pie(object s, GridViewRowEventArgs e) {
    if (e.Row.RowType == DataControlRowType.DataRow) total += (decimal) DataBinder.Eval(e.Row.DataItem, "Monto");
    if (e.Row.RowType == DataControlRowType.Footer) { e.Row.Cells[0].Text = "Total"; e.Row.Cells[1].Text = total.ToString("#,##0.00"); }
  }
}

public class Grillas : Pagina {
  protected GridView gvNumerica, gvExtremos, gvSiguiente, gvCuatro, gvDoble, gvUna, gvTd, gvVacia, gvVaciaConCabecera, gvVaciaDeUna;
  protected DataGrid dgTd, dgTh, dgSiguiente;

  protected void Page_Load(object s, EventArgs e) { if (!IsPostBack) Mostrar(); }

  void Mostrar() {
    var secs = Datos.Secs(23);
    foreach (var grilla in new[] { gvNumerica, gvExtremos, gvSiguiente, gvCuatro, gvDoble, gvUna, gvTd }) Ligar(grilla, secs);
    foreach (var grilla in new[] { gvVacia, gvVaciaConCabecera, gvVaciaDeUna }) Ligar(grilla, new List<Sec>());
    foreach (var grilla in new[] { dgTd, dgTh, dgSiguiente }) { grilla.DataSource = secs; grilla.DataBind(); }
  }

  protected void Pagina(object s, GridViewPageEventArgs e) { ((GridView) s).PageIndex = e.NewPageIndex; Mostrar(); }

  protected void PaginaDg(object s, DataGridPageChangedEventArgs e) { ((DataGrid) s).CurrentPageIndex = e.NewPageIndex; Mostrar(); }
}

public class Ficha : Pagina {
  protected Repeater repContactos;
  protected Calendar cal;
  protected TextBox txtAlta;

  protected void Page_Load(object s, EventArgs e) {
    if (IsPostBack) return;
    repContactos.DataSource = new[] { "Elsa Mamani", "Iván Cárdenas" };
    repContactos.DataBind();
  }

  protected void VerCalendario(object s, ImageClickEventArgs e) { cal.VisibleDate = new DateTime(2026, 11, 1); cal.Visible = true; }

  protected void Dia(object s, EventArgs e) { txtAlta.Text = cal.SelectedDate.ToString("dd/MM/yyyy"); cal.Visible = false; }
}
}
