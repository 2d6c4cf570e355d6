"""Words of business forms, by which a capture knows a portal's own texts from anybody's data.

No word that is a name, or part of an address. Folded, in the singular.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from pages.contract.text import folded

_WORDS = """
a ajeno al ante bajo cada como con contra cual cuando de del desde donde e el ella ellos en entre
era es esa ese eso esta este esto fue ha han hasta hay la las le lo los mas me mi muy ni no nos o
otra otro para pero por que se sea si sin sobre solo son su sus tal tiene todo toda tras u un una
uno usted y ya
abierto abrir acceso acceder aceptar accion activacion activar activo actual actualizacion
actualizar acuerdo adicional adjuntar adjunto administracion agregar ajuste alerta alta altas anexo
anterior anular anulado aplicacion aplicar apellido aprobacion aprobado aprobar archivo area
articulo asesor asignacion asignado asignar asunto atencion atender atendido autorizado aviso ayuda
bandeja baja beneficio bienvenido bloqueado boleta boton buscador buscar busqueda
cabecera caja calendario campana campo canal cancelar cantidad capacidad cargar cargo cartera
casilla
caso categoria celular centro cerrado cerrar cierre cita clase clasificacion clave cliente cobro
codigo cola columna comentario comercial compania comprobante condicion configuracion confirmacion
confirmar conexion consola consulta consultar contacto contenido continuar contrasena contrato
control copia corporativo correctamente correo costo creacion creado crear credito criterio
cuadro cuenta cuota
dato debe decision departamento derivacion derivado derivar descargar descripcion descuento destino
detalle dia diferencia digito dinero direccion directorio disponible distrito division documento
duplicado duracion
ejecutivo ejecucion elegir elemento elija eliminar emision emitido empresa encontrado encontraron
entidad entrada enviado enviar envio equipo error escala escenario especial especifico estado
estatus evaluacion evidencia exito exportar externo extra
factura facturacion facturado falta fecha ficha fijo fila filtrar filtro fin finalizado finalizar
firma flujo folio formato formulario fuente funcion
general generado gestion grabar grupo guardar guardado guia
historia historial historico hora horario
identidad identificacion imagen importe impresion imprimir incidencia incidente indicador
informacion ingresado ingresar ingreso inicial iniciar inicio instalacion intento interno item
legal leido libre limite limpiar linea lista listado llamada local lote lugar
marca margen mayor medio mensaje mensual menor menu mes meta minimo maximo moneda monto mostrado
mostrar motivo movil movimiento
nacional natural nivel nombre nota notificacion novedad nuevo numerico numero
obligatorio observacion obtener ofrecido oferta oficina opcion operacion operador orden origen
pagado pagina pago panel pantalla parametro parte pasado paso pedido pendiente perfil perdido
periodo
permiso persona personal peticion plan planificacion plantilla plazo portal postventa precio
prefijo pregunta preparar presentar previo principal prioridad problema procedimiento proceso
procesado producto promocion promocional propietario proveedor provincia proxima proximo prueba
publico puesto punto
queja
razon realizado recibido recibo reciente rechazado rechazar recibir reclamo recuperar recurso red
referencia referido refrescar region registrado registrar registro regla relacion remitente renta
renovacion reporte representante requerido requerimiento reserva resolucion resolver respuesta
responsable resultado resumen retorno reunion revision revisar rol ruta
salida salir saldo sec seccion secuencia segmento seguimiento seguridad selecciona seleccionar
seleccione semana servicio servidor sesion siguiente sistema situacion social solicitado solicitante
solicitar solicitud solucion soporte subclase subtipo sucursal sufijo suscripcion suspendido
tabla tablero tarea tarifa tarifario telefono telefonico tema termino texto tiempo tienda tipo
titular titularidad titulo todos tomar tomado total trabajo tramite transaccion traslado turno
ubicacion ultimo unidad unico usuario
vacio valido validacion validar valor variacion vencido vencimiento venta ventana ver verificar
version vigencia vigente vinculado visible vista visita volver vuelva
abono abonado afiliado anotacion alcance ampliar apertura bitacora clausura concepto consultado
contratado contratante creador denominacion despacho digitar domicilio edicion editar emisor
encargado establecer estandar etapa etiqueta exacto expediente explicacion fase fijado glosa
identificador indicar informe instancia llenar localizar nomina numeracion objeto ofertado otorgado
paquete periodicidad posicion postpago precargado prepago promedio prometido propuesta puntual
rango
rebaja receptor recepcion redaccion renglon rotulo rubro sede seleccion sumario suministro
supervisor
tipologia tope vendedor visualizar voz
ruc dni id
"""


def words_in(texts: Iterable[str]) -> list[str]:
    """All words of forms, and those of the texts, folded."""
    found = set(_WORDS.split())
    for text in texts:
        found.update(re.findall(r"[^\W\d_]+", folded(text)))
    return sorted(found)


@cache
def _form_words() -> frozenset[str]:
    return frozenset(words_in(()))


def is_form_words(text: str) -> bool:
    """Whether all of its words are such as forms have, in the singular or not: nobody's data."""
    found = re.findall(r"[^\W_]+", folded(text))
    singular = ({one, one.removesuffix("s"), one.removesuffix("es")} for one in found)
    return all(forms & _form_words() for forms in singular)


def known_as(text: str) -> str:
    """A text as ``capture.js`` compares it."""
    return folded(text).strip(" :*")
