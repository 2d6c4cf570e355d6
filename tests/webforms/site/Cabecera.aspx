<%@ Page Language="C#" Inherits="Ventanilla.Cabecera" %>
<html><head><title>Cabecera</title></head>
<body><form id="f" runat="server">
<b>Ventanilla Corporativa</b> Usuario: <%= User.Identity.Name %>
<asp:LinkButton ID="lnkSalir" runat="server" OnClick="Salir" CausesValidation="false">Cerrar sesi&oacute;n</asp:LinkButton>
</form></body></html>
