<%@ Page Language="C#" MasterPageFile="~/Site.master" Title="Consulta de SEC" Inherits="Ventanilla.Consulta" %>
<asp:Content ContentPlaceHolderID="cph" runat="server">
<asp:UpdatePanel ID="upd" runat="server" UpdateMode="Conditional"><ContentTemplate>
<asp:Panel ID="pnl" runat="server" GroupingText="Criterios de búsqueda" DefaultButton="btnBuscar">
<table>
<tr><td><asp:Label runat="server" AssociatedControlID="txtSec" Text="N° de SEC:" CssClass="etiqueta"/></td><td><asp:TextBox ID="txtSec" runat="server"/></td>
<td>RUC&nbsp;:</td><td><asp:TextBox ID="txtRuc" runat="server" MaxLength="11"/></td></tr>
<tr><td>Departamento:&nbsp;</td><td><asp:DropDownList ID="ddlDepartamento" runat="server" AutoPostBack="true" OnSelectedIndexChanged="DepartamentoCambio"/></td>
<td><asp:Label runat="server" Text="Provincia:"/></td><td><asp:DropDownList ID="ddlProvincia" runat="server"/></td></tr>
</table>
<asp:Button ID="btnBuscar" runat="server" Text="Buscar" OnClick="Buscar"/>
<asp:ImageButton ID="imgLimpiar" runat="server" Width="16" Height="16" ImageUrl="~/b.gif" AlternateText="Limpiar" OnClick="Limpiar"/>
</asp:Panel>
<asp:GridView ID="gvSec" runat="server" AutoGenerateColumns="false" AllowPaging="true" PageSize="30" AllowSorting="true"
 OnPageIndexChanging="Pagina" OnSorting="Ordenar" OnRowCommand="Comando" EmptyDataText="No se encontraron registros" CellPadding="4" GridLines="None" ForeColor="#333333" CssClass="grilla"><PagerSettings PageButtonCount="3"/>
<Columns>
<asp:BoundField DataField="Numero" HeaderText="N° de SEC" SortExpression="Numero"/>
<asp:BoundField DataField="Ruc" HeaderText="RUC"/>
<asp:BoundField DataField="Razon" HeaderText="Razón social" SortExpression="Razon"/>
<asp:BoundField DataField="Estado" HeaderText="Estado"/>
<asp:BoundField DataField="Cargo" HeaderText="Cargo fijo" DataFormatString="S/ {0:#,##0.00}" ItemStyle-HorizontalAlign="Right"/>
<asp:TemplateField><ItemTemplate><asp:LinkButton ID="lnkVer" runat="server" CommandName="Ver" CommandArgument='<%# Eval("Numero") %>' Text="Ver"/></ItemTemplate></asp:TemplateField>
</Columns><PagerStyle HorizontalAlign="Center"/></asp:GridView>
<asp:Label ID="lblTotal" runat="server"/>
</ContentTemplate></asp:UpdatePanel>
</asp:Content>
