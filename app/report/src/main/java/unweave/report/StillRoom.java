package unweave.report;

import unweave.figure.PanelGrid;

/**
 * What print and browsers without scripts show of a listening room whose data lie beside the page.
 *
 * @param overview a picture of panels beside each other
 * @param columns of the overview
 * @param sounds one for each panel
 */
public record StillRoom(Figure overview, PanelGrid.Columns columns, SoundRow sounds) {}
