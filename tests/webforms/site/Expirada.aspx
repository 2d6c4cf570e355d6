<%@ Page Language="C#" Inherits="Ventanilla.Expirada" %>
<html><head><title>Sesión</title></head><body><p>Su sesión ha expirado. Vuelva a ingresar.</p></body></html>
