<%@ Page Language="C#" MasterPageFile="~/Site.master" Title="Registro rápido" Inherits="Ventanilla.Rapido" %>
<asp:Content ContentPlaceHolderID="cph" runat="server">
<asp:UpdatePanel ID="upd" runat="server"><ContentTemplate>
<asp:ValidationSummary ID="vs" runat="server" HeaderText="Verifique los datos:"/>
<table>
<tr><td>Tipo:</td><td><asp:DropDownList ID="ddlTipo" runat="server" AutoPostBack="true" OnSelectedIndexChanged="TipoCambio"/></td></tr>
<tr><td>Clase:</td><td><asp:DropDownList ID="ddlClase" runat="server"/></td></tr>
<tr><td>Referencia externa:</td><td><asp:TextBox ID="txtReferencia" runat="server"/><asp:RequiredFieldValidator runat="server" ControlToValidate="txtReferencia" ErrorMessage="Ingrese la referencia externa" Text="*"/></td></tr>
</table>
<asp:Button ID="btnRegistrar" runat="server" Text="Registrar" OnClick="Guardar"/>
<asp:Label ID="lblMensaje" runat="server" ForeColor="Red" EnableViewState="false"/>
</ContentTemplate></asp:UpdatePanel>
</asp:Content>
