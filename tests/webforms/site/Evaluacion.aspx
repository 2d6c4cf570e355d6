<%@ Page Language="C#" Inherits="Ventanilla.Evaluacion" %>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head runat="server"><title>Datos de la evaluación</title></head>
<body><form id="f" runat="server"><asp:ScriptManager ID="sm" runat="server"/>
<span class="titulo">Datos de la evaluación</span>
<asp:Menu ID="mnuPestanas" runat="server" Orientation="Horizontal" OnMenuItemClick="Pestana" StaticSelectedStyle-BackColor="Silver"><Items>
<asp:MenuItem Text="Datos generales" Value="0" Selected="true"/><asp:MenuItem Text="Líneas" Value="1"/><asp:MenuItem Text="Oferta" Value="2"/><asp:MenuItem Text="Historial" Value="3"/>
</Items></asp:Menu>
<asp:MultiView ID="mv" runat="server" ActiveViewIndex="0">
<asp:View runat="server"><table>
<tr><td>N° de SEC</td><td>:</td><td><asp:Label ID="lblNumero" runat="server"/></td></tr>
<tr><td>RUC</td><td>:</td><td><asp:Label ID="lblRuc" runat="server"/></td></tr>
<tr><td>Razón social</td><td>:</td><td><asp:TextBox ID="txtRazon" runat="server" ReadOnly="true"/></td></tr>
<tr><td>Estado</td><td>:</td><td><asp:DropDownList ID="ddlEstado" runat="server" Enabled="false"><asp:ListItem>Aprobada</asp:ListItem><asp:ListItem>Observada</asp:ListItem><asp:ListItem>Rechazada</asp:ListItem></asp:DropDownList></td></tr>
<tr><td>Tipo de persona</td><td>:</td><td><asp:RadioButtonList ID="rblPersona" runat="server" RepeatDirection="Horizontal" RepeatLayout="Flow" Enabled="false"><asp:ListItem Value="N">Natural</asp:ListItem><asp:ListItem Value="J">Jurídica</asp:ListItem></asp:RadioButtonList></td></tr>
</table></asp:View>
<asp:View runat="server"><asp:GridView ID="gvLineas" runat="server" AutoGenerateColumns="false" AllowPaging="true" PageSize="5" OnPageIndexChanging="PaginaLineas" OnRowCommand="Comando"><Columns>
<asp:ButtonField DataTextField="Linea" HeaderText="Línea" CommandName="Detalle"/></Columns></asp:GridView></asp:View>
<asp:View runat="server"><asp:DetailsView ID="dvOferta" runat="server" AutoGenerateRows="false" HeaderText="Oferta aprobada" FieldHeaderStyle-Font-Bold="true"><Fields>
<asp:BoundField DataField="Plan" HeaderText="Plan tarifario"/><asp:BoundField DataField="Cargo" HeaderText="Cargo fijo" DataFormatString="S/ {0:#,##0.00}"/>
<asp:BoundField DataField="Fecha" HeaderText="Fecha de oferta"/><asp:BoundField DataField="Linea" HeaderText="Línea titular"/></Fields></asp:DetailsView></asp:View>
<asp:View runat="server"><asp:DataGrid ID="dgHistorial" runat="server" AutoGenerateColumns="false" AllowPaging="true" PageSize="4" OnPageIndexChanged="PaginaHistorial"><PagerStyle Mode="NumericPages"/><Columns>
<asp:BoundColumn DataField="Fecha" HeaderText="Fecha"/><asp:BoundColumn DataField="Evento" HeaderText="Evento"/></Columns></asp:DataGrid></asp:View>
</asp:MultiView>
</form></body></html>
