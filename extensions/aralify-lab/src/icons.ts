/** Our own icon; the others are JupyterLab's. No emoji: a machine without a font for them shows boxes. */

import { LabIcon } from "@jupyterlab/ui-components";

/** Steps that lead up. */
export const aralifyIcon = new LabIcon({
  name: "aralify:steps",
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 24 24">' +
    '<path class="jp-icon3" fill="#616161" d="M3 16h5v5H3zm6.5-6h5v11h-5zM16 4h5v17h-5z"/></svg>'
});
