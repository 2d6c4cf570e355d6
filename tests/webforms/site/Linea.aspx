<%@ Page Language="C#" Inherits="Ventanilla.DetalleLinea" %>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head runat="server"><title>Detalle de línea</title></head>
<body><form id="f" runat="server">
<!-- What the Toolkit's TabContainer makes of itself; its script runs late, on load. -->
<div id="tabs" class="ajax__tab_xp ajax__tab_container" style="visibility:hidden">
<div id="tabs_header" class="ajax__tab_header">
<span id="tabs_tpDatos_tab"><span class="ajax__tab_outer"><span class="ajax__tab_inner"><a class="ajax__tab_tab" id="__tab_tabs_tpDatos" href="#">Datos</a></span></span></span><span id="tabs_tpRecibos_tab"><span class="ajax__tab_outer"><span class="ajax__tab_inner"><a class="ajax__tab_tab" id="__tab_tabs_tpRecibos" href="#">Facturación</a></span></span></span>
</div>
<div id="tabs_body" class="ajax__tab_body">
<div id="tabs_tpDatos" class="ajax__tab_panel" style="display:none;visibility:hidden">
<asp:FormView ID="fvLinea" runat="server"><ItemTemplate><table>
<tr><td>Línea:</td><td><%# Eval("Linea") %></td><td>Plan tarifario:</td><td><%# Eval("Plan") %></td></tr>
<tr><td>Cargo fijo:</td><td>S/ <%# Eval("Cargo", "{0:#,##0.00}") %></td><td>Observación:</td><td>&nbsp;</td></tr>
</table></ItemTemplate></asp:FormView></div>
<div id="tabs_tpRecibos" class="ajax__tab_panel" style="display:none;visibility:hidden">
<asp:GridView ID="gvRecibos" runat="server" AutoGenerateColumns="false" ShowFooter="true" OnRowDataBound="Pie"><Columns>
<asp:BoundField DataField="Periodo" HeaderText="Período"/><asp:BoundField DataField="Monto" HeaderText="Monto" DataFormatString="{0:#,##0.00}"/></Columns></asp:GridView></div>
</div></div>
<script type="text/javascript">
window.onload = function () {
  var names = ['tabs_tpDatos', 'tabs_tpRecibos'], by = function (id) { return document.getElementById(id); };
  function show(which) {
    for (var i = 0; i < names.length; i++) {
      var on = i === which;
      by(names[i] + '_tab').className = on ? 'ajax__tab_active' : '';
      by(names[i]).style.display = on ? 'block' : 'none';
      by(names[i]).style.visibility = on ? 'visible' : 'hidden';
    }
  }
  for (var i = 0; i < names.length; i++) (function (which) {
    by('__tab_' + names[which]).onclick = function () { show(which); return false; };
  })(i);
  show(0);
  by('tabs').style.visibility = 'visible';
};
</script>
</form></body></html>
