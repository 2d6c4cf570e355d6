<%@ Page Language="C#" MasterPageFile="~/Site.master" Title="Ficha de cliente" Inherits="Ventanilla.Ficha" %>
<asp:Content ContentPlaceHolderID="cph" runat="server">
<table border="0"><tr><td>Código</td><td>Nombre comercial</td><td>Zona</td></tr>
<tr><td><asp:TextBox ID="txtCodigo" runat="server" Text="C-0042"/></td><td><asp:TextBox ID="txtNombre" runat="server" Text="Ñandú Móvil"/></td><td><asp:DropDownList ID="ddlZona" runat="server"><asp:ListItem>Norte</asp:ListItem><asp:ListItem Selected="True">Sur</asp:ListItem></asp:DropDownList></td></tr></table>
<table border="0"><tr><td>Cartera</td><td>Segmento</td></tr>
<tr><td><asp:Label runat="server" Text="Corporativa"/></td><td><asp:Label runat="server" Text="Gran empresa"/></td></tr></table>
<table>
<tr><td>Representante:<asp:RequiredFieldValidator runat="server" ControlToValidate="txtRepresentante" ErrorMessage="Ingrese el representante"/></td><td><asp:TextBox ID="txtRepresentante" runat="server" Text="Rosa Quispe Ñahui"/></td></tr>
<tr><td>(*) Correo</td><td><asp:TextBox ID="txtCorreo" runat="server" Text="rosa@ejemplo.pe"/></td></tr>
<tr><td><span style="color:red">*</span>&nbsp;Teléfono:</td><td><asp:TextBox ID="txtTelefono" runat="server" Text="987 654 321"/></td></tr>
<tr><td>Código postal&nbsp;:&nbsp;</td><td><asp:TextBox ID="txtPostal" runat="server" Text="15001" Enabled="false"/></td></tr>
<tr><td>Distrito</td><td>:</td><td><asp:TextBox ID="txtDistrito" runat="server" Text="Jesús María" ReadOnly="true"/></td></tr>
<tr><td>Nº de contratos</td><td><asp:Label runat="server" Text="7"/></td></tr>
<tr><td>Recibe correo:</td><td><asp:CheckBox ID="chkCorreo" runat="server" Text="Sí"/></td></tr>
<tr><td>Vigente:</td><td><asp:CheckBox ID="chkVigente" runat="server" Checked="true"/></td></tr>
<tr><td>Persona:</td><td><asp:RadioButtonList ID="rblPersona" runat="server" RepeatDirection="Horizontal"><asp:ListItem Value="N">Natural</asp:ListItem><asp:ListItem Value="J" Selected="True">Jurídica</asp:ListItem></asp:RadioButtonList></td></tr>
<tr><td>Canales:</td><td><asp:CheckBoxList ID="cblCanales" runat="server"><asp:ListItem>Tienda</asp:ListItem><asp:ListItem Selected="True">Web</asp:ListItem><asp:ListItem Selected="True">Teléfono fijo</asp:ListItem></asp:CheckBoxList></td></tr>
<tr><td>Productos:</td><td><asp:ListBox ID="lbProductos" runat="server" SelectionMode="Multiple"><asp:ListItem Selected="True">Móvil</asp:ListItem><asp:ListItem>Fija</asp:ListItem><asp:ListItem Selected="True">Internet</asp:ListItem></asp:ListBox></td></tr>
<tr><td>Documento:</td><td><asp:DropDownList ID="ddlDocumento" runat="server"><asp:ListItem>RUC</asp:ListItem><asp:ListItem Selected="True">DNI</asp:ListItem></asp:DropDownList>&nbsp;<asp:TextBox ID="txtDocumento" runat="server" Text="45678912"/></td></tr>
<tr><td>Alta:</td><td><asp:TextBox ID="txtAlta" runat="server" Text="15/11/2026"/> <asp:ImageButton ID="imgAlta" runat="server" Width="16" Height="16" ImageUrl="~/b.gif" AlternateText="Calendario" OnClick="VerCalendario" CausesValidation="false"/><asp:Calendar ID="cal" runat="server" Visible="false" OnSelectionChanged="Dia"/></td></tr>
<tr><td>Deuda (S/):</td><td><asp:Label runat="server" Text="1,234.50"/></td></tr>
<tr><td>Observación:</td><td><asp:Label runat="server" Text=""/></td><td>Ejecutivo:</td><td>Luis Ponce</td></tr>
<tr><td>Anexo:</td><td>&nbsp;</td></tr>
<tr><td colspan="2">Sede: <asp:Label runat="server" Text="San Isidro"/> Piso: <asp:Label runat="server" Text="12"/></td></tr>
</table>
<asp:Repeater ID="repContactos" runat="server"><ItemTemplate><div><asp:Label runat="server" AssociatedControlID="txtContacto" Text='<%# Container.ItemIndex == 0 ? "Contacto principal" : "Contacto alterno" %>'/><asp:TextBox ID="txtContacto" runat="server" Text='<%# Container.DataItem %>'/></div></ItemTemplate></asp:Repeater>
</asp:Content>
