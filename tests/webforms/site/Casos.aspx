<%@ Page Language="C#" MasterPageFile="~/Site.master" Title="Consulta de casos" Inherits="Ventanilla.Casos" %>
<asp:Content ContentPlaceHolderID="cph" runat="server">
<asp:UpdatePanel ID="upd" runat="server"><ContentTemplate>
<table><tr><td>Referencia</td><td>Estado</td></tr>
<tr><td><asp:TextBox ID="txtReferencia" runat="server"/></td><td><asp:DropDownList ID="ddlEstado" runat="server"><asp:ListItem Value="">Todos</asp:ListItem><asp:ListItem>Registrado</asp:ListItem><asp:ListItem>Cerrado</asp:ListItem></asp:DropDownList></td></tr></table>
<asp:LinkButton ID="lnkBuscar" runat="server" Text="Buscar" OnClick="Buscar"/>
<asp:GridView ID="gvCasos" runat="server" AutoGenerateColumns="false" AllowPaging="true" PageSize="5" AllowSorting="true" ShowFooter="true" ShowHeaderWhenEmpty="true"
 EmptyDataText="No hay casos" DataKeyNames="Numero" OnPageIndexChanging="Pagina" OnSorting="Ordenar" OnRowCommand="Comando" OnRowDataBound="Pie"><PagerSettings Position="TopAndBottom"/><Columns>
<asp:TemplateField><HeaderTemplate><asp:CheckBox ID="chkTodos" runat="server"/></HeaderTemplate><ItemTemplate><asp:CheckBox ID="chk" runat="server" Checked='<%# Eval("Llamada") %>'/></ItemTemplate></asp:TemplateField>
<asp:BoundField DataField="Numero" HeaderText="N° de caso" SortExpression="Numero"/>
<asp:BoundField DataField="Referencia" HeaderText="Referencia"/>
<asp:BoundField DataField="Tipo" HeaderText="Tipo"/>
<asp:TemplateField HeaderText="Estado"><ItemTemplate><asp:DropDownList ID="ddl" runat="server" SelectedValue='<%# Eval("Estado") %>'><asp:ListItem>Registrado</asp:ListItem><asp:ListItem>Cerrado</asp:ListItem></asp:DropDownList></ItemTemplate></asp:TemplateField>
<asp:BoundField DataField="Notas" HeaderText="Notas"/>
<asp:TemplateField HeaderText="Detalle"><ItemTemplate><asp:TextBox ID="txt" runat="server" Text='<%# Eval("Detalle") %>'/><asp:HiddenField ID="h" runat="server" Value="x"/></ItemTemplate></asp:TemplateField>
<asp:ButtonField ButtonType="Button" CommandName="Nota" Text="Agregar nota"/>
<asp:ButtonField ButtonType="Image" CommandName="Cerrar" Text="Cerrar" ImageUrl="~/b.gif"/>
<asp:CommandField ShowSelectButton="true" SelectText="Elegir"/>
</Columns></asp:GridView>
<table><tr><td>Caso elegido:</td><td><asp:Label ID="lblElegido" runat="server"/></td></tr></table>
</ContentTemplate></asp:UpdatePanel>
</asp:Content>
