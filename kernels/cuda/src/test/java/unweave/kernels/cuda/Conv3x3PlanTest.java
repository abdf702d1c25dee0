package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.kernels.ConvShape;

/** What the kernels of conv3x3.cuh and conv3x3_weights.cu rely on. */
class Conv3x3PlanTest {
    private static final int MULTIPROCESSORS = 132;

    private static List<ConvShape> shapes() {
        List<ConvShape> shapes = new ArrayList<>();
        for (int batch : new int[] {1, 3, 16, 64}) {
            for (int side : new int[] {1, 4, 7, 8, 16, 20, 33, 64, 128}) {
                for (int[] channels :
                        new int[][] {{4, 4}, {8, 8}, {8, 16}, {32, 32}, {32, 64}, {64, 128}, {12, 100}, {96, 40}}) {
                    shapes.add(ConvShape.same(batch, side, side + 1, channels[0], channels[1], 3));
                }
            }
        }
        return shapes;
    }

    @Test
    void tilesFitSharedMemoryAndTheirThreads() {
        for (ConvShape shape : shapes()) {
            for (Conv3x3Plan plan : new Conv3x3Plan[] {Conv3x3Plan.forward(shape), Conv3x3Plan.towardsInput(shape)}) {
                Conv3x3Plan.Tile tile = plan.tile();
                int pixels = plan.version().pixels;
                assertEquals(pixels, tile.images() * tile.height() * tile.width());
                assertTrue(tile.pitch() >= tile.width() + 2
                        && tile.pitch() % 4 == 0
                        && tile.width() % 4 == 0
                        && tile.height() % 2 == 0);
                assertTrue(tile.images() * (tile.height() + 2) * tile.pitch() <= pixels / 64 * 120, "PLANE");
                assertTrue(tile.images() * (tile.height() + 2) * (tile.width() + 2) <= pixels / 64 * 102, "TILE_LOADS");
                assertEquals(
                        plan.version().threads,
                        pixels / 8 * plan.version().channels / (plan.version().channels < 32 ? 4 : 8));
            }
        }
    }

    @Test
    void partsCoverTheInputChannelsInStepsOfFour() {
        for (ConvShape shape : shapes()) {
            Conv3x3Plan plan = Conv3x3Plan.forward(shape);
            assertEquals(0, plan.channelsPerPart() % 4);
            assertTrue((plan.parts() - 1) * plan.channelsPerPart() < shape.inChannels());
            assertTrue(plan.parts() * plan.channelsPerPart() >= shape.inChannels());
        }
    }

    @Test
    void theLateLayersOfTheGtzanModelFillALargeDevice() {
        for (ConvShape shape : new ConvShape[] {
            ConvShape.same(64, 16, 16, 64, 64, 3),
            ConvShape.same(64, 8, 8, 64, 128, 3),
            ConvShape.same(16, 16, 16, 64, 64, 3)
        }) {
            Conv3x3Plan plan = Conv3x3Plan.forward(shape);
            assertTrue(plan.tiles() * plan.outputTiles() * plan.parts() >= MULTIPROCESSORS, plan::toString);
        }
    }

    @Test
    void theWeightGradientCoversAllPixelsOnce() {
        for (ConvShape shape : shapes()) {
            Conv3x3WeightsPlan plan = Conv3x3WeightsPlan.of(shape);
            int columns = shape.batch()
                    * Conv3x3Plan.ceilDivide(shape.inWidth(), plan.version().width)
                    * Conv3x3Plan.ceilDivide(shape.inHeight(), plan.rows());
            assertTrue(
                    plan.parts() * plan.perBlock() >= columns && (plan.parts() - 1) * plan.perBlock() < columns,
                    plan::toString);
        }
    }

    @Test
    void otherShapesAreLeftToTheGeneralKernels() {
        assertTrue(Conv3x3Plan.suits(ConvShape.same(2, 9, 9, 8, 12, 3)));
        assertFalse(Conv3x3Plan.suits(ConvShape.same(2, 9, 9, 8, 10, 3)));
        assertFalse(Conv3x3Plan.suits(ConvShape.same(2, 9, 9, 8, 12, 5)));
        assertFalse(Conv3x3Plan.suits(new ConvShape(2, 9, 9, 8, 12, 3, 3, 1, 1, 0, 0, 1, 1, 1)));
        assertFalse(Conv3x3Plan.suits(new ConvShape(2, 9, 9, 8, 12, 3, 3, 1, 1, 1, 1, 1, 1, 4)));
    }
}
