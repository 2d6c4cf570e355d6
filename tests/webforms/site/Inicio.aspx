<%@ Page Language="C#" MasterPageFile="~/Site.master" Title="Inicio" Inherits="Ventanilla.Inicio" %>
<asp:Content ContentPlaceHolderID="cph" runat="server">
<asp:Menu ID="mnuAccesos" runat="server" Orientation="Horizontal"><Items>
<asp:MenuItem Text="Casos recientes" NavigateUrl="~/Casos.aspx"/>
<asp:MenuItem Text="Nuevo caso" NavigateUrl="~/Registrar.aspx"/>
</Items></asp:Menu>
<p>Bienvenido a la Ventanilla Corporativa.</p>
</asp:Content>
