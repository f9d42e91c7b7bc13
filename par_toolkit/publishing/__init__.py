"""Publishing: from what an inquiry keeps to a findings build that anyone may read.

select → suppress → quote → build → verify → swap. Knows nothing of the web or of Datasette.
"""

from par_toolkit.publishing.approving import Approved, approve, refuse
from par_toolkit.publishing.errors import PublishError
from par_toolkit.publishing.publish import Preview, Published, preview, publish
from par_toolkit.publishing.rollback import rollback
from par_toolkit.publishing.swap import live_build
from par_toolkit.publishing.verify import Verdict, verify_build
from par_toolkit.publishing.withdraw import follow_withdrawals

__all__ = [
    "Approved",
    "Preview",
    "PublishError",
    "Published",
    "Verdict",
    "approve",
    "follow_withdrawals",
    "live_build",
    "preview",
    "publish",
    "refuse",
    "rollback",
    "verify_build",
]
