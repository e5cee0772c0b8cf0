/** Keeps the focus where somebody works: what had it may go, and then the whole page would have it. */

import React, { useLayoutEffect, useRef } from "react";

interface Props extends React.ButtonHTMLAttributes<HTMLButtonElement> {
  /** Who gets the focus when the button goes with it, seen from the button. */
  heir: (button: HTMLElement) => HTMLElement | null | undefined;
}

/** A button that may leave the page while it has the focus. */
export function PassingButton({ heir, ...button }: Props): React.JSX.Element {
  const place = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const node = place.current!;
    return () => {
      if (document.activeElement === node) {
        heir(node)?.focus();
      }
    };
  }, []);
  return <button className="aralify-Button" ref={place} {...button} />;
}

/** Let what opens a part of the page have the focus when that was closed over whatever had it. */
export function keepFocus({ currentTarget: details }: React.SyntheticEvent<HTMLDetailsElement>): void {
  const had = document.activeElement;
  if (!details.open && (had === document.body || details.contains(had))) {
    details.querySelector("summary")?.focus();
  }
}
