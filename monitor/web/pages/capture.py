"""A captured file as it was sent, for saving only: nothing from outside is ever shown as a page of ours."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from storage.captures import CaptureRow
from storage.errors import EvidenceDamaged

_ADVICE = "Restore the evidence folder from a backup; what was read from these bytes is still in the log."


def show(request: Request) -> Response:
    """Return the bytes of a capture as a download named by its hash; 404 where there is none of that number, 410 where
    they are damaged or gone."""
    capture_id: int = request.path_params["id"]
    with request.app.state.database.session() as session:
        capture = session.get(CaptureRow, capture_id)
        if capture is None:
            raise HTTPException(404, f"There is no capture {capture_id}.")
    try:
        content = request.app.state.evidence.read(capture.sha256)
    except EvidenceDamaged as reason:
        raise HTTPException(
            410, f"The stored bytes of capture {capture_id} are not what was captured: {reason}. {_ADVICE}"
        ) from None
    headers = {"Content-Disposition": f'attachment; filename="{capture.sha256[:16]}.bin"'}
    return Response(content, media_type="application/octet-stream", headers=headers)
